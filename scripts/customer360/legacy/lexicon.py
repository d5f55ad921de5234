"""Words that made-up names are composed of, by culture; `_` inside a word stands for a space.

The front of each list is drawn more often than its end, as names are in life.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


HINDI_GIVEN = _words("""
    Rajesh Priya Amit Sunita Rahul Pooja Anil Neha Sanjay Anita Vijay Kavita Ravi Rekha Suresh Meena
    Manoj Seema Deepak Ritu Ashok Geeta Vikram Shweta Arun Nisha Rakesh Jyoti Mukesh Sangeeta Ajay Asha
    Dinesh Usha Vinod Anjali Sandeep Swati Pankaj Preeti Alok Komal Gaurav Divya Nitin Shilpa Harish
    Vandana Naveen Archana Rohit Sneha Abhishek Megha Kunal Aarti Siddharth Radhika Vivek Kiran Tarun
    Lata Mahesh Mamta Yogesh Sarita Bharat Gurpreet Harpreet Manpreet Jaswinder Baljeet Chetan Hemant
    Ishaan Aarav Saanvi Ananya Dhruv Tanvi Om_Prakash
""")
HINDI_SURNAME = _words("""
    Kumar Singh Sharma Verma Gupta Patel Yadav Shah Mishra Joshi Jain Agarwal Mehta Pandey Tiwari
    Chauhan Rathore Desai Trivedi Dubey Saxena Srivastava Chaudhary Thakur Kulkarni Deshmukh Patil Pawar
    Shinde Jadhav Gaikwad Bhatt Dave Parekh Gandhi Kapoor Khanna Malhotra Chopra Arora Bhatia Sethi
    Ahuja Grover Bansal Goyal Mittal Garg Rastogi Bajpai Shukla Dwivedi Chaturvedi Tripathi Banerjee
    Mukherjee Chatterjee Ghosh Bose Das Sen Dutta Roy Sarkar Nath Mahato Bisht Rawat Negi Sandhu Gill
    Dhillon Grewal Bhagat Kadam More Chavan Bhosale
""")
SOUTHERN_GIVEN = _words("""
    Venkatesan Lakshmi Murugan Meenakshi Rajagopalan Saraswathi Subramanian Kamala Karthikeyan Revathi
    Balasubramanian Vasanthi Srinivasan Padmavathi Ramesh Geetha Krishnamurthy Sudha Senthil Kavitha
    Prabhakaran Shanthi Anand Bhuvaneswari Ganesan Malathi Natarajan Uma Raghavan Vijayalakshmi
    Sivakumar Chitra Muthukumar Hema Ranganathan Deepa Jayaraman Indira Palanisamy Parvathi
    Chandrasekaran Rajeswari Gopalakrishnan Thilagavathi
""")
SOUTHERN_SURNAME = _words("""
    Reddy Rao Naidu Iyer Iyengar Nair Menon Pillai Gowda Shetty Hegde Kamath Pai Bhat Chowdary Varma
    Raju Prasad Murthy Acharya Nambiar Kurup Warrier Panicker Mudaliar Chettiar Gounder Naicker Thevar
    Achari
""")
MUSLIM_GIVEN = _words("""
    Mohammed Fatima Abdul_Rahman Ayesha Imran Zainab Salman Nasreen Farhan Shabana Irfan Rubina Aslam
    Rukhsana Javed Yasmin Asif Shaheen Iqbal Noor_Jahan Tariq Sana Wasim Parveen Yusuf Mehrunnisa Rashid
    Tabassum Mohd_Arif Hina
""")
MUSLIM_SURNAME = _words("""
    Khan Ansari Shaikh Siddiqui Qureshi Ahmed Hussain Ali Pathan Mirza Sayyed Farooqui Malik Rizvi
    Hashmi Usmani Kazi Momin Memon Beg Alam Rehman
""")
CHRISTIAN_GIVEN = _words("""
    John Mary Thomas Anna Joseph Elizabeth George Susan Philip Annamma Mathew Rosamma Varghese Sheela
    Jacob Teresa Anthony Philomina Sebastian Lissy Xavier Alphonsa Savio Maria_Goretti
""")
CHRISTIAN_SURNAME = _words("""
    Thomas Mathew Varghese D'Souza Fernandes Pereira Chacko Kurian Abraham Philip D'Costa Rodrigues
    Cherian Pinto Lobo Mathai Kuruvilla Pereira D'Mello Gomes
""")
FRENCH_GIVEN = _words("""
    Marie Jean Camille Pierre Léa Thomas Chloé Nicolas Manon Julien Sarah Antoine Julie Alexandre Émilie
    François Élodie Mathieu Céline Sébastien Aurélie Jérôme Hélène Stéphane Amélie Frédéric Mélanie
    Benoît Noémie Rémi Zoé Loïc Anaïs Gaël Maëlle Cédric Inès Jean-Pierre Marie-Claude Jean-Luc
    Anne-Sophie Jean-François Marie-Thérèse Pierre-Yves Anne-Laure Jean-Baptiste Guillaume Valérie
    Olivier Sandrine Philippe Nathalie Laurent Isabelle Mohamed Fatima Karim Nadia Mehdi Samira Youssef
    Leïla Aïcha Théo Océane Hugo Eugénie Raphaël Geneviève Grégory Thérèse Désirée
""")
FRENCH_SURNAME = _words("""
    Martin Bernard Dubois Petit Robert Richard Durand Moreau Laurent Simon Michel Lefèvre Leroy Roux
    David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefebvre
    Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément
    Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Lemaire Noël Meyer
    Dufour Brunet Blanchard Giraud Joly Rivière Le_Goff Le_Gall Kervella de_La_Tour du_Plessis d'Hondt
    Benali Haddad Bensaïd Traoré Diallo N'Guyen Béranger Château-Renard Delacroix-Petit Saint-Étienne
    Schneider Hernández
""")
SPANISH_GIVEN = _words("""
    María Juan Ana Carlos Luisa José Carmen Luis Laura Jorge Sofía Andrés Valentina Diego Camila Javier
    Daniela Santiago Gabriela Miguel Paula Fernando Andrea Alejandro Natalia Ricardo Isabel Sergio
    Verónica Óscar Mónica Raúl Adriana Héctor Lucía Germán Ángela Álvaro Inés Iván Beatriz Martín Rocío
    Tomás Ximena Nicolás Yolanda Hernán Marta Julián Lorena Édgar Gloria Mauricio Patricia Rubén Rosa
    Wilson Yamile Jhon Leidy Mateo Mariana Sebastián Jimena Íñigo Consuelo María_José Juan_Carlos
    José_Luis Ana_María Luz_Marina Juan_Pablo María_Fernanda José_Antonio Luis_Fernando Diana_Marcela
""")
SPANISH_SURNAME = _words("""
    García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez
    Díaz Cruz Morales Reyes Gutiérrez Ortiz Chávez Ruiz Álvarez Castillo Jiménez Vásquez Moreno Romero
    Herrera Medina Aguilar Vargas Castro Guzmán Méndez Fernández Muñoz Salazar Rojas Soto Contreras
    Delgado Peña Ríos Silva Suárez Mejía Cárdenas Restrepo Ospina Quintero Zuluaga Arango Giraldo
    Velásquez Bedoya Núñez Ibáñez Quispe Mamani Huamán Yupanqui Figueroa Sepúlveda Araya Cisneros
    Bustamante Etcheverry Paz_Soldán de_la_Cruz del_Río San_Martín Echeverría Montoya Cáceres Peñaloza
    Ávila Zúñiga
""")
BRAZILIAN_GIVEN = _words("""
    João Maria José Ana Antônio Francisca Carlos Adriana Paulo Juliana Pedro Márcia Lucas Fernanda Luiz
    Patrícia Marcos Aline Gabriel Camila Rafael Bruna Thiago Letícia Márcio Sônia Fábio Larissa Vinícius
    Conceição Ana_Paula João_Pedro Luiz_Felipe Maria_Clara Flávio Débora Otávio Inês Cauã Raíssa
""")
BRAZILIAN_SURNAME = _words("""
    Silva Santos Oliveira Souza Pereira Ferreira Alves Ribeiro Carvalho Araújo Gonçalves Lopes Gomes
    Martins Rocha Barbosa Cardoso Nascimento Conceição Magalhães Brandão Assunção Peçanha Guimarães
    Sampaio Simões Batista Vieira Monteiro da_Silva dos_Santos de_Souza da_Costa de_Oliveira Falcão Leão
    Antunes Queirós Fagundes Corrêa
""")
AFRICAN_GIVEN = _words("""
    Grace John Mary Peter Esther Joseph Faith David Mercy James Joyce Samuel Ruth Daniel Agnes Emmanuel
    Beatrice Patrick Claudine Jean_Claude Jean_Bosco Marie_Claire Jeanne_d'Arc Innocent Immaculée Eric
    Alice Moses Sarah Brian Winnie Kevin Dorcas Dennis Lilian Isaac Eunice Amani Zawadi Baraka Neema
    Juma Halima Hassan Mwanaidi Rashidi Zuhura Salum Rehema Abdallah Asha Hamisi Saida Wanjiru Kamau
    Wambui Otieno Achieng Njeri Kipchoge Chebet Nakato Wasswa Kato Babirye Okello Akello Espérance
    Théogène Dieudonné Vestine Solange
""")
AFRICAN_SURNAME = _words("""
    Otieno Wanjiku Mwangi Njoroge Kamau Ochieng Odhiambo Achieng Kimani Kariuki Mutua Musyoka Kiprono
    Cheruiyot Korir Rotich Wekesa Barasa Onyango Owino Ng'ang'a Ndung'u Muthoni Karanja Njuguna Uwimana
    Mukamana Niyonzima Habimana Nshimiyimana Ndayisaba Uwase Ingabire Mugisha Nkurunziza Hakizimana
    Mukandayisenga Nsengimana Bizimana Munyaneza Kagabo Umutoni Iradukunda Ssempala Mukasa Nakitende
    Okello Namubiru Kigozi Lubega Nalwoga Tumusiime Byaruhanga Kyomuhendo Ochola Opio Mushi Massawe
    Mwakalinga Kimaro Lyimo Shayo Mrema Mwinyi Juma Salehe Mfinanga Nyerere Swai Kessy Bakari Abdi Noor
""")
DEVANAGARI: dict[str, str] = dict(
    pair.split("=")
    for pair in _words("""
    Rajesh=राजेश Priya=प्रिया Amit=अमित Sunita=सुनीता Rahul=राहुल Pooja=पूजा Anil=अनिल Neha=नेहा
    Sanjay=संजय Anita=अनीता Vijay=विजय Kavita=कविता Ravi=रवि Rekha=रेखा Suresh=सुरेश Meena=मीना
    Manoj=मनोज Seema=सीमा Deepak=दीपक Ritu=ऋतु Ashok=अशोक Geeta=गीता Vikram=विक्रम Shweta=श्वेता
    Arun=अरुण Nisha=निशा Rakesh=राकेश Jyoti=ज्योति Mukesh=मुकेश Ajay=अजय Asha=आशा Dinesh=दिनेश
    Vinod=विनोद Anjali=अंजलि Mahesh=महेश Lata=लता Kumar=कुमार Singh=सिंह Sharma=शर्मा Verma=वर्मा
    Gupta=गुप्ता Patel=पटेल Yadav=यादव Shah=शाह Mishra=मिश्रा Joshi=जोशी Jain=जैन Agarwal=अग्रवाल
    Mehta=मेहता Pandey=पांडेय Tiwari=तिवारी Chauhan=चौहान Desai=देसाई Kulkarni=कुलकर्णी
    Deshmukh=देशमुख Patil=पाटील Pawar=पवार Shinde=शिंदे Jadhav=जाधव Das=दास Roy=रॉय
""")
)
ORGANIZATION_FIRST = _words("""
    Apollo Sanjeevani Lilavati Shree_Krishna St._Mary's Fortis Aditya Lifeline Sunrise Care Jeevan
    Arogya Medicity Nirmala Sai Ganga Himalaya Kaveri Narmada Lotus Metro City Global Royal Unity Star
    Silver Golden Prime Trinity Holy_Family Little_Flower Al-Shifa Noor Amrita Vivekananda Gandhi Nehru
    Tagore Ashwini Dhanvantari Charak Sushruta Pushpanjali Rainbow Cloudnine Meridian Pacific Atlas
    Horizon Vertex Zenith Everest Sagar Surya Chandra Om Sri_Venkateswara Balaji Siddhi Vinayak Matrix
    Nova Orion Pragati Kalyani Shanti
""")
ORGANIZATION_SECOND = _words("""
    Memorial Multispeciality General Heart Eye Dental Children's Women's Ortho Kidney Cancer Neuro
    Family Community Mission District Central National Advanced Modern New Super_Speciality Trauma
    Maternity Skin Diabetes Wellness Regional Charitable Research
""")
EMPLOYERS = _words("""
    Infosys TCS Wipro Reliance_Retail HDFC_Bank Self Freelance Tata_Motors Larsen_&_Toubro Self_Employed
    Flipkart Student Govt_Service Housewife ICICI_Bank Byju's Zomato N/A
""")
